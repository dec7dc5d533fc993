/** What is the reader's own in a block: the pages say that these stand for theirs. */
declare function sendMail(to: string, ...text: string[]): Promise<void>;
