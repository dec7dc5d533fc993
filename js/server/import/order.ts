/** In which order the models of an app can be imported. */

/** Of Better Auth's schema of the app, what is read here. */
type Tables = Readonly<
  Record<
    string,
    {
      readonly fields: Readonly<
        Record<
          string,
          {
            readonly required?: boolean | undefined;
            readonly references?: { readonly model: string } | undefined;
          }
        >
      >;
    }
  >
>;

interface Reference {
  readonly to: string;
  readonly optional: boolean;
}

/** What each model that is left refers to. */
type Left = Map<string, readonly Reference[]>;

/**
 * Each model after those that it refers to, otherwise in the order of the tables. Of models that refer to each other in a
 * circle the first is one that can do without the others, if there is one: its rows that name none of them are taken then.
 */
export function importOrder(tables: Tables): string[] {
  const left: Left = new Map(
    Object.entries(tables).map(([model, { fields }]) => [
      model,
      Object.values(fields).flatMap(({ references, required }) =>
        // Rows of one model come as they are in the source.
        references && references.model !== model
          ? [{ to: references.model, optional: required === false }]
          : [],
      ),
    ]),
  );
  const order: string[] = [];
  while (left.size > 0) {
    const next = nextOf(left);
    order.push(next);
    left.delete(next);
  }
  return order;
}

function nextOf(left: Left): string {
  // Those that wait for nothing, or only for models that wait for them in turn. However many circles there are, one of them
  // waits for no other.
  const due = [...left.keys()].filter((model) =>
    [...allBefore(left, model)].every((other) => allBefore(left, other).has(model)),
  );
  const waits = (model: string): boolean =>
    (left.get(model) ?? []).some(({ to, optional }) => !optional && left.has(to));
  return due.find((model) => !waits(model)) ?? due[0] ?? "";
}

/** The models that it refers to, those that these refer to, and so on, as far as they are left. */
function allBefore(left: Left, model: string): Set<string> {
  const found = new Set<string>();
  const further = [model];
  for (let next = further.pop(); next !== undefined; next = further.pop()) {
    for (const { to } of left.get(next) ?? []) {
      if (!left.has(to) || found.has(to)) continue;
      found.add(to);
      further.push(to);
    }
  }
  return found;
}
