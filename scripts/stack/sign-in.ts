/**
 * Signs in at a running Worker. `origin` is that of its pages: it takes cookies' requests from nowhere else.
 * @returns the value of the `cookie` header that proves it
 * @throws Error when the Worker does not let this person in
 */
export async function signInCookie(
  workerUrl: string,
  origin: string,
  person: { readonly email: string; readonly password: string },
): Promise<string> {
  const response = await fetch(`${workerUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  if (!response.ok) throw new Error(`signing in: the Worker answered ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}
