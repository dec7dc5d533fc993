/** What went wrong, read out at once. */
export function Problem({ text, id }: { text: string; id?: string }) {
  return text === "" ? null : (
    <p role="alert" id={id} className="problem">
      {text}
    </p>
  );
}
