import { createHash } from 'node:crypto';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Device, DeviceId, Platform } from '../../domain/device.ts';
import { installationOf } from '../../domain/device.ts';
import type { UserId } from '../../domain/ids.ts';
import type { DeviceStore, Refreshed, Registered, Renewal } from '../../ports/device-store.ts';
import type { Database } from './database.ts';
import { anyOf } from './recordset.ts';
import type { Tables } from './schema.ts';
import { statementBatcher } from './statement-batcher.ts';
import { takeTurn } from './take-turn.ts';

export class PostgresDeviceStore implements DeviceStore {
  readonly #database: Database;
  readonly #lists = statementBatcher({ work: (users: readonly UserId[]) => this.#list(users) });

  constructor({ database }: { readonly database: Database }) {
    this.#database = database;
  }

  register(device: Device, max: number): Promise<Registered> {
    return this.#database.transact(async db => {
      const [known] = await lock(db, device);
      if (known?.user_id === device.user) {
        const kept = { ...device, id: known.id as DeviceId, createdAt: known.created_at };
        await db.updateTable('device').set(toRow(kept)).where('id', '=', known.id).execute();
        return { status: 'refreshed', device: kept };
      }
      if ((await count(db, device.user)) >= max) return { status: 'full' };
      if (known !== undefined) await db.deleteFrom('device').where('id', '=', known.id).execute();
      await db.insertInto('device').values(toRow(device)).execute();
      return known === undefined
        ? { status: 'added', device }
        : { status: 'moved', device, from: known.user_id as UserId };
    });
  }

  refresh(user: UserId, id: DeviceId, to: Renewal): Promise<Refreshed | undefined> {
    return this.#database.transact(async db => {
      const row = await own(db, user, id).selectAll().forUpdate().executeTakeFirst();
      if (row === undefined) return undefined;
      const refreshed = { ...toDevice(row), ...to };
      const other = (await lock(db, refreshed)).find(known => known.id !== id);
      if (other !== undefined) await db.deleteFrom('device').where('id', '=', other.id).execute();
      await db.updateTable('device').set(toRow(refreshed)).where('id', '=', id).execute();
      const isOthers = other !== undefined && other.user_id !== user;
      return { device: refreshed, ...(isOthers ? { from: other.user_id as UserId } : {}) };
    });
  }

  find(user: UserId, id: DeviceId): Promise<Device | undefined> {
    return this.#database.run(async db => {
      const row = await own(db, user, id).selectAll().executeTakeFirst();
      return row === undefined ? undefined : toDevice(row);
    });
  }

  list(user: UserId): Promise<readonly Device[]> {
    return this.#lists.ask(user);
  }

  async #list(users: readonly UserId[]): Promise<readonly (readonly Device[])[]> {
    const rows = await this.#database.run(db =>
      db
        .selectFrom('device')
        .selectAll()
        .where('user_id', '=', anyOf(users))
        .orderBy('created_at')
        .orderBy('id')
        .execute(),
    );
    const lists = Map.groupBy(rows.map(toDevice), ({ user }) => user);
    return users.map(user => lists.get(user) ?? []);
  }

  async remove(user: UserId, id: DeviceId): Promise<boolean> {
    return (await this.#delete({ user_id: user, id })) > 0n;
  }

  async prune({ user, id, token }: Pick<Device, 'user' | 'id' | 'token'>): Promise<boolean> {
    return (await this.#delete({ user_id: user, id, token })) > 0n;
  }

  async erase(user: UserId): Promise<void> {
    await this.#delete({ user_id: user });
  }

  /** @returns how many there were that are all this */
  async #delete(of: Partial<Pick<Row, 'user_id' | 'id' | 'token'>>): Promise<bigint> {
    const { numDeletedRows } = await this.#database.run(db =>
      db
        .deleteFrom('device')
        .where(({ and }) => and(of))
        .executeTakeFirst(),
    );
    return numDeletedRows;
  }
}

/** Whoever registers for the same user, or the same installation, waits until this transaction ends. */
const lock = async (db: Transaction<Tables>, device: Device): Promise<readonly Row[]> => {
  const installation = digestOf(device);
  for (const name of [`installation ${installation}`, `user ${device.user}`]) await takeTurn(db, name);
  return db.selectFrom('device').selectAll().where('installation', '=', installation).forUpdate().execute();
};

const own = (db: Kysely<Tables>, user: UserId, id: DeviceId) =>
  db.selectFrom('device').where('user_id', '=', user).where('id', '=', id);

const count = async (db: Kysely<Tables>, user: UserId): Promise<number> => {
  const { devices } = await db
    .selectFrom('device')
    .select(({ fn }) => fn.countAll<number>().as('devices'))
    .where('user_id', '=', user)
    .executeTakeFirstOrThrow();
  return devices;
};

type Row = Selectable<Tables['device']>;

const digestOf = (device: Pick<Device, 'platform' | 'token'>): string =>
  createHash('sha256').update(installationOf(device)).digest('base64url');

const toRow = (device: Device): Row => ({
  id: device.id,
  user_id: device.user,
  platform: device.platform,
  token: device.token,
  installation: digestOf(device),
  label: device.label ?? null,
  created_at: device.createdAt,
  refreshed_at: device.refreshedAt,
});

const toDevice = (row: Row): Device => ({
  id: row.id as DeviceId,
  user: row.user_id as UserId,
  platform: row.platform as Platform,
  token: row.token,
  ...(row.label === null ? {} : { label: row.label }),
  createdAt: row.created_at,
  refreshedAt: row.refreshed_at,
});
