/** A fake of `electron`, as far as the main process asks for it: nothing is drawn, and the system's browser is the test's. */

/** Addresses that the app has opened in the system's browser. */
export const opened: string[] = [];

export const shell = {
  openExternal: (address: string): Promise<void> => {
    opened.push(address);
    return Promise.resolve();
  },
};

export default {
  shell,
  net: { fetch },
  app: { userAgentFallback: "Electron/fake" },
  webContents: { getFocusedWebContents: () => null },
  safeStorage: {
    isEncryptionAvailable: () => true,
    encryptString: (text: string) => Buffer.from(text),
    decryptString: (bytes: Buffer) => bytes.toString(),
  },
};
