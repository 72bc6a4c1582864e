import { html, raw } from 'hono/html';

interface Operation {
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: readonly {
    name: string;
    in: string;
    required: boolean;
    schema: object;
    description?: string;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, { schema: object }> }
  >;
}

/** The reference for people: one page without scripts, printed from the same document that machines read. */
export function referencePage(document: { readonly paths: Record<string, Record<string, Operation>> }) {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ''))];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Earshot API</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>Earshot API</h1>
          <p>
            Machines read <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1). Errors are problem
            details: <code>code</code> to switch on, <code>detail</code> on what to do,
            <code>errors</code> naming each wrong field, <code>requestId</code> to quote. Too many requests
            are answered with 429 and <code>Retry-After</code>. Creates take an <code>Idempotency-Key</code>:
            the same key and body within a day get the first answer again. Lists give <code>nextCursor</code>;
            pass it as <code>cursor</code>.
          </p>
          <nav aria-label="Sections">
            <ul>
              ${tags.map((tag) => html`<li><a href="#${slug(tag)}">${tag}</a></li>`)}
            </ul>
          </nav>
          ${tags.map(
            (tag) =>
              html`<section aria-labelledby="${slug(tag)}">
                <h2 id="${slug(tag)}">${tag}</h2>
                ${operations.filter(({ operation }) => operation.tags[0] === tag).map(entry)}
              </section>`,
          )}
        </main>
      </body>
    </html>`;
}

function entry({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const [status, reply] = Object.entries(operation.responses)[0] ?? ['', undefined];
  const replySchema = Object.values(reply?.content ?? {})[0]?.schema;
  return html`<article>
    <h3>
      <code><b>${method}</b> ${path}</code>
    </h3>
    <p>${operation.summary}. ${operation.description}</p>
    ${operation.parameters.length === 0 ? '' : parameterTable(operation.parameters)}
    ${body === undefined ? '' : schemaBlock('Body', body)}
    ${replySchema === undefined ? html`<p>Answers ${status}.</p>` : schemaBlock(`Answer ${status}`, replySchema)}
  </article>`;
}

const parameterTable = (parameters: Operation['parameters']) =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Parameter</th>
        <th scope="col">In</th>
        <th scope="col">Form</th>
      </tr>
    </thead>
    <tbody>
      ${parameters.map(
        (each) =>
          html`<tr>
            <td><code>${each.name}</code>${each.required ? '' : ' (optional)'}</td>
            <td>${each.in}</td>
            <td><code>${JSON.stringify(each.schema)}</code></td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const schemaBlock = (title: string, schema: object) =>
  html`<details>
    <summary>${title}</summary>
    <pre tabindex="0">${JSON.stringify(schema, null, 2)}</pre>
  </details>`;

const slug = (tag: string): string => tag.toLowerCase().replace(/\W+/g, '-');

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#faf8f3, #15181c); color: light-dark(#22262b, #e6e2d8); }
main { max-width: 60rem; margin: 0 auto; padding: 24px 16px 96px; }
a { color: light-dark(#0b6b66, #5fc9c0); }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; list-style: none; }
nav a { display: inline-block; padding: 10px 0; }
h2 { margin: 48px 0 0; }
article { padding: 20px 0; border-bottom: 1px solid light-dark(#d9d4c7, #343a41); }
h3 { margin: 0; font-size: 1rem; font-weight: 400; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { padding: 4px 12px 4px 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
summary { padding: 10px 0; cursor: pointer; }
pre { overflow-x: auto; font-size: .8125rem; }
`;
