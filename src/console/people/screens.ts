import { html } from 'lit';
import { ago } from '../format.ts';
import { UserList } from './user-list.ts';

interface Screens {
  readonly connections: readonly {
    readonly connectionId: string;
    readonly connectedAt: string;
    readonly channels: number;
  }[];
}

/** Which screens a user has open: connections, the newest first. */
export class UserScreens extends UserList<Screens> {
  protected override readonly heading = 'Screens';
  protected override readonly absent =
    'This deployment keeps no list of its connections: its table would have to be read whole.';

  protected override path(user: string): string {
    return `/v1/connections?user=${user}`;
  }

  protected override rows({ connections }: Screens) {
    if (connections.length === 0) return 'None is open.';
    const now = Date.now();
    return connections.map(
      ({ connectionId, connectedAt, channels }) => html`<tr>
        <td class="wide"><code>${connectionId}</code></td>
        <td class="roomy hint">follows ${channels} ${channels === 1 ? 'channel' : 'channels'}</td>
        <td class="hint">for ${ago(connectedAt, now)}</td>
      </tr>`,
    );
  }
}

customElements.define('user-screens', UserScreens);
