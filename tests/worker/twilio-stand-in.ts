import { Response } from 'miniflare';

interface Made {
  readonly sid: string;
  status: string;
  readonly to: string;
  readonly from: string;
  readonly date_created: string;
  readonly form: Record<string, string[]>;
}

const made: Made[] = [];
const never = new Promise<never>(() => undefined);

/**
 * Twilio's REST API as far as it is used: make a call, fetch one, list by number, complete one (twilio.com/docs/voice/api/call-resource).
 * By the number's last two digits: `98` is refused as no number, `97` as a caller id that is not ours, `96` answers 503 and rings
 * nobody, `99` rings and its answer is lost. `GET /report?to=` gives what was made for a number.
 */
export async function twilioStandIn(request: {
  url: string;
  method: string;
  headers: Iterable<[string, string]>;
  text(): Promise<string>;
}): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === '/report')
    return Response.json(made.filter((each) => each.to === url.searchParams.get('to')));
  const { authorization } = Object.fromEntries(request.headers);
  if (authorization !== `Basic ${btoa('ACtest:12345')}`)
    return Response.json({ code: 20_003, message: 'Authenticate', status: 401 }, { status: 401 });
  const path = /^\/2010-04-01\/Accounts\/ACtest\/Calls(?:\/(CA\w+))?\.json$/.exec(url.pathname);
  if (path === null) return Response.json({ code: 20_404, status: 404 }, { status: 404 });
  if (path[1] !== undefined) return one(path[1], request);
  if (request.method === 'GET') {
    const to = url.searchParams.get('To');
    return Response.json({ calls: made.filter((each) => each.to === to).reverse() });
  }
  return make(new URLSearchParams(await request.text()));
}

function make(form: URLSearchParams): Response | Promise<never> {
  const to = form.get('To') ?? '';
  if (to.endsWith('98'))
    return Response.json({ code: 21_211, message: 'Invalid To', status: 400 }, { status: 400 });
  if (to.endsWith('97'))
    return Response.json({ code: 21_210, message: 'From', status: 400 }, { status: 400 });
  if (to.endsWith('96')) return Response.json({ status: 503 }, { status: 503 });
  const names = [...new Set(form.keys())];
  const call: Made = {
    sid: `CA${String(made.length + 1).padStart(32, '0')}`,
    status: 'queued',
    to,
    from: form.get('From') ?? '',
    date_created: new Date().toUTCString(),
    form: Object.fromEntries(names.map((name) => [name, form.getAll(name)])),
  };
  made.push(call);
  return to.endsWith('99') ? never : Response.json(call, { status: 201 });
}

async function one(sid: string, request: { method: string; text(): Promise<string> }): Promise<Response> {
  const call = made.find((each) => each.sid === sid);
  if (call === undefined) return Response.json({ code: 20_404, status: 404 }, { status: 404 });
  if (request.method === 'POST') call.status = new URLSearchParams(await request.text()).get('Status') ?? '';
  return Response.json(call);
}
