import type {
  ConnectionIndex,
  FollowedChannel,
  IndexPage,
  ListedConnection,
} from '../../ports/connection-index.ts';
import type { Identity } from '../identity.ts';
import { requireAdmin } from '../identity.ts';
import type { UserId } from '../ids.ts';

/** Entries of a page, at the most and unless told. */
export const SURVEY_LIMIT = { max: 200, default: 50 } as const;

export interface SurveyPage {
  /** 50 unless told. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Tells who is connected and what is followed, to admins. */
export class Survey {
  readonly #ports: { readonly index: ConnectionIndex };

  constructor(ports: { index: ConnectionIndex }) {
    this.#ports = ports;
  }

  /** @throws FanfareError `forbidden` for all but admins, `invalid` for a cursor that no page gave */
  async connections(
    identity: Identity,
    { limit = SURVEY_LIMIT.default, ...query }: SurveyPage & { user?: UserId },
  ): Promise<IndexPage<ListedConnection>> {
    requireAdmin(identity);
    return this.#ports.index.connections({ ...query, limit });
  }

  /** @throws FanfareError `forbidden` for all but admins, `invalid` for a cursor that no page gave */
  async channels(
    identity: Identity,
    { limit = SURVEY_LIMIT.default, ...query }: SurveyPage & { prefix?: string },
  ): Promise<IndexPage<FollowedChannel>> {
    requireAdmin(identity);
    return this.#ports.index.channels({ ...query, limit });
  }
}
