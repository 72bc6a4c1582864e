/** Kinds of values a tool's parameters may have: what every language model fills in reliably. */
export const parameterTypes = ['string', 'number', 'integer', 'boolean'] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** One thing a tool wants to know. */
export interface ToolParameter {
  readonly type: ParameterType;
  /** Told to the model. */
  readonly description?: string | undefined;
  /** The only values there are; strings alone. */
  readonly enum?: readonly string[] | undefined;
}

/** JSON Schema of an object, in the small part of it that a tool may use. */
export interface ToolParameters {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ToolParameter>>;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: false | undefined;
}

/** A tool that an admin defined: a request to an https address that agents may make. */
export interface HttpTool {
  /** What the model calls it: lower-case letters, digits and underscores. */
  readonly name: string;
  /** Told to the model: what it does, and when to use it. */
  readonly description: string;
  /** GET: the arguments become the address' query; POST: its body as JSON. */
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly parameters: ToolParameters;
  /** `{{secret.NAME}}` in a value stands for the deployment's setting `TOOL_SECRET_NAME`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** What an agent is told of a tool: not where it goes, and no headers. */
export type HttpToolBriefing = Pick<HttpTool, 'name' | 'description' | 'parameters'>;

export const briefingOfTool = ({ name, description, parameters }: HttpTool): HttpToolBriefing => ({
  name,
  description,
  parameters,
});

const SECRET = /\{\{secret\.([A-Z][A-Z0-9_]{0,40})\}\}/g;

/** The setting that holds a tool's secret. */
export const secretSetting = (name: string): string => `TOOL_SECRET_${name}`;

/** Names of the secrets that headers stand on, each once. */
export const secretsOf = (headers: Readonly<Record<string, string>>): string[] => [
  ...new Set(
    Object.values(headers).flatMap((value) => [...value.matchAll(SECRET)].map((match) => match[1] ?? '')),
  ),
];

/**
 * Headers with their secrets in them, ready to be sent.
 * @param secret the value of a secret by its name; undefined where the deployment has none
 * @returns null when one is missing: the request must not go out without it
 */
export function headersWithSecrets(
  headers: Readonly<Record<string, string>>,
  secret: (name: string) => string | undefined,
): Record<string, string> | null {
  if (secretsOf(headers).some((name) => secret(name) === undefined)) return null;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      // A function's result is put in as it is: `$&` in a secret means nothing.
      value.replace(SECRET, (_whole, each: string) => secret(each) ?? ''),
    ]),
  );
}
