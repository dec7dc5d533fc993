/** What went wrong, read out at once. */
export function Problem({ text }: { text: string }) {
  return text === "" ? null : (
    <p role="alert" className="problem">
      {text}
    </p>
  );
}
