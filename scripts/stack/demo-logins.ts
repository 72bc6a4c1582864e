import { hashPassword } from '../../worker/accounts/password.ts';

/** Ready logins of a development machine. They exist nowhere else: only the development stack writes them. */
export const demoLogins = [
  { email: 'admin@demo.earshot', password: 'earshot-demo', role: 'admin', name: 'Ada Admin' },
  { email: 'supervisor@demo.earshot', password: 'earshot-demo', role: 'supervisor', name: 'Sam Supervisor' },
  { email: 'operator@demo.earshot', password: 'earshot-demo', role: 'operator', name: 'Oli Operator' },
  { email: 'viewer@demo.earshot', password: 'earshot-demo', role: 'viewer', name: 'Vic Viewer' },
] as const;

/** Writes the logins that are missing. */
export async function seedDemoLogins(database: D1Database): Promise<void> {
  const nowMs = Date.now();
  for (const { email, password, role, name } of demoLogins) {
    const known = await database.prepare('SELECT id FROM user WHERE email = ?').bind(email).first();
    if (known !== null) continue;
    const id = crypto.randomUUID();
    await database.batch([
      database
        .prepare(
          'INSERT INTO user (id, name, email, emailVerified, role, createdAt, updatedAt) VALUES (?, ?, ?, 1, ?, ?, ?)',
        )
        .bind(id, name, email, role, nowMs, nowMs),
      database
        .prepare(
          `INSERT INTO account (id, accountId, providerId, userId, password, createdAt, updatedAt)
           VALUES (?, ?, 'credential', ?, ?, ?, ?)`,
        )
        .bind(crypto.randomUUID(), id, id, await hashPassword(password), nowMs, nowMs),
    ]);
  }
}
