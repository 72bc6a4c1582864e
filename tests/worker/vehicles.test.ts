import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { ListedVehicle } from '../../protocol/api/vehicles.ts';
import { apiKey, ask, post, signIn } from './world.ts';

const ACCORD = { vin: '1HGCM82633A004352', make: 'Honda', model: 'Accord', year: 2003 };

async function list(headers: Record<string, string>, search = ''): Promise<ListedVehicle[]> {
  const query = search === '' ? '' : `?search=${encodeURIComponent(search)}`;
  const response = await ask(`/api/vehicles${query}`, { headers });
  expect(response.status).toBe(200);
  return (await response.json<{ vehicles: ListedVehicle[] }>()).vehicles;
}

describe('vehicles, as people keep them', () => {
  it('are added as their VIN is written, changed under it, found, and removed; the log never says which', async () => {
    const supervisor = await signIn('supervisor');
    const added = await post('/api/vehicles', { ...ACCORD, vin: '1hg cm826-33A 004352' }, supervisor);
    expect(await added.json()).toEqual({ vin: ACCORD.vin, created: true, warning: null });
    const changed = await post('/api/vehicles', { ...ACCORD, color: 'red', price: 4_900 }, supervisor);
    expect(await changed.json()).toMatchObject({ created: false });

    for (const search of ['honda', 'acc', '82633a', ''])
      expect(await list(supervisor, search)).toMatchObject([
        { ...ACCORD, color: 'red', price: 4_900, lookups: 0 },
      ]);
    for (const search of ['onda', '99999']) expect(await list(supervisor, search)).toEqual([]);

    const removed = await post('/api/vehicles/remove', { vin: ACCORD.vin }, supervisor);
    expect(await removed.json()).toEqual({ removed: true });
    const again = await post('/api/vehicles/remove', { vin: ACCORD.vin }, supervisor);
    expect(await again.json()).toEqual({ removed: false });
    const { results } = await env.DB.prepare(
      "SELECT action, detail FROM audit WHERE action LIKE 'vehicle.%' ORDER BY id",
    ).all();
    expect(results).toEqual(
      ['added', 'changed', 'removed'].map((what) => ({ action: `vehicle.${what}`, detail: '2003 Honda' })),
    );
  });

  it('VIN-2 what cannot be a VIN is refused with the reason; where nothing can be checked that is said', async () => {
    const supervisor = await signIn('supervisor');
    const wrong = await post('/api/vehicles', { ...ACCORD, vin: '1HGCM82634A004352' }, supervisor);
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({
      errors: [{ field: 'vin', problem: expect.stringContaining('check digit') as string }],
    });
    const golf = { ...ACCORD, vin: 'WVWZZZ1KZ6W000001', make: 'Volkswagen', model: 'Golf' };
    const unchecked = await post('/api/vehicles', golf, supervisor);
    expect(await unchecked.json()).toMatchObject({ created: true, warning: expect.any(String) as string });
    await post('/api/vehicles/remove', { vin: golf.vin }, supervisor);
  });

  it('PRIVACY-1 who does not see numbers sees no VIN, nor finds one out by searching', async () => {
    const supervisor = await signIn('supervisor');
    await post('/api/vehicles', { ...ACCORD, note: 'call 212 555 0142' }, supervisor);
    const viewer = await signIn('viewer');
    expect(await list(viewer)).toMatchObject([{ vin: '••••52', note: 'call ••••', make: 'Honda' }]);
    for (const search of ['1HG', 'HGCM', 'h']) {
      const found = search === 'h' ? 1 : 0;
      expect(await list(viewer, search)).toHaveLength(found);
    }
    expect(await list(await apiKey(['vehicles:read']), 'honda')).toMatchObject([{ vin: '••••52' }]);
    expect((await post('/api/vehicles', ACCORD, viewer)).status).toBe(403);
    await post('/api/vehicles/remove', { vin: ACCORD.vin }, supervisor);
  });
});
