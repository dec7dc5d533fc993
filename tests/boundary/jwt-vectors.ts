import accepted from "../vectors/jwt/accepted.json" with { type: "json" };
import refused from "../vectors/jwt/refused.json" with { type: "json" };
import rfc from "../vectors/jwt/rfc.json" with { type: "json" };

type Piece = string | { repeat: string; times: number };

export interface Expectation {
  claims?: Record<string, unknown>;
  code?: string;
  meta?: Record<string, unknown>;
}

export interface TokenVector {
  name: string;
  token: string | Piece[];
  keySet: string;
  policy: {
    issuer: string[];
    audience: string[];
    algorithms: ("ES256" | "RS256")[];
    toleranceS: number;
  };
  now: number;
  expect: Expectation;
}

export interface VectorFile {
  keySets: Record<string, unknown>;
  tokens: TokenVector[];
}

// The format is written down in the vectors' README; the inferred types of three files differ in every vector.
export const files: readonly (readonly [string, VectorFile])[] = [
  ["rfc", rfc as unknown as VectorFile],
  ["accepted", accepted as unknown as VectorFile],
  ["refused", refused as unknown as VectorFile],
];

export function setText(file: VectorFile, name: string): string {
  const set = file.keySets[name];
  return typeof set === "string" ? set : JSON.stringify(set);
}

export function joined(token: TokenVector["token"]): string {
  if (typeof token === "string") return token;
  return token
    .map((piece) => (typeof piece === "string" ? piece : piece.repeat.repeat(piece.times)))
    .join("");
}
