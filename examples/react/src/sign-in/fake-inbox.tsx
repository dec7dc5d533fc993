import { useQuery } from "convex/react";
import { api } from "../../convex/_generated/api";

/** What convex/fakeMail.ts kept instead of sending it. A real app has nothing like this. */
export function FakeInbox({ address }: { address: string }) {
  const mails = useQuery(api.fakeMail.inbox, { to: address });
  return (
    <section aria-label="Fake inbox" className="fake">
      <h2>Fake inbox</h2>
      <p className="faint">This example sends no mail. What it would have sent:</p>
      <ul>
        {mails?.map(({ _id, subject, link }) => (
          <li key={_id}>
            <a href={link}>{subject}</a>
          </li>
        ))}
        {mails?.length === 0 && <li className="faint">Nothing.</li>}
      </ul>
    </section>
  );
}
