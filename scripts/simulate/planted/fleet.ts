import type { PlantedBug } from './bug.ts';

const file = 'domain/fleet/roster.ts';

export const fleetBugs: readonly PlantedBug[] = [
  {
    name: 'reservation never expires',
    what: 'a seat promised to a call that never came stays taken',
    file,
    right: 'host.heardAtMs - each.madeAtMs <= RESERVATION_MS &&',
    wrong: '',
  },
  {
    name: 'promises not counted',
    what: 'a seat is promised to two calls',
    file,
    right: 'for (const each of roster.reservations) if (each.hostId === host.hostId) calls.add(each.callId);',
    wrong: '',
  },
  {
    name: 'draining host chosen',
    what: 'a host that drains still gets calls',
    file,
    right: 'isHeard(host, nowMs) && !host.draining && ',
    wrong: 'isHeard(host, nowMs) && ',
  },
  {
    name: 'silent host chosen',
    what: 'a host that was not heard of for long still gets calls',
    file,
    right: 'isHeard(host, nowMs) && !host.draining && ',
    wrong: '!host.draining && ',
  },
  {
    name: 'failing host like any other',
    what: 'a host half of whose calls fail is chosen like any other',
    file,
    right: ' + (isFailing(host) ? 1 : 0)',
    wrong: '',
  },
  {
    name: 'every seat released',
    what: 'giving back the seat on one host gives back the one on its successor too',
    file,
    right: 'hostId === null || each.hostId === hostId;',
    wrong: 'true || each.hostId === hostId;',
  },
  {
    name: 'fullest host first',
    what: 'the host with the greatest share of its seats taken is chosen',
    file,
    right: 'share(a) - share(b)',
    wrong: 'share(b) - share(a)',
  },
];
