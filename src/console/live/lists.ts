import { html, nothing } from 'lit';
import { ago, number } from '../format.ts';
import { PagedList } from './paged-list.ts';

interface Connections {
  readonly connections: readonly {
    readonly connectionId: string;
    readonly user: string;
    readonly admin: boolean;
    readonly connectedAt: string;
    readonly channels: number;
  }[];
  readonly total: number;
  readonly next?: string;
}

class ConnectionList extends PagedList<Connections> {
  protected override readonly heading = 'Connections';
  protected override readonly label = 'Only this user';
  protected override readonly absent =
    'This deployment keeps no list of its connections: its table would have to be read whole.';

  protected override path(user: string): string {
    return `/v1/connections?${user === '' ? '' : `user=${encodeURIComponent(user)}`}`;
  }

  protected override rows({ connections }: Connections) {
    if (connections.length === 0) return html`<p class="notice">Nobody is connected.</p>`;
    const now = Date.now();
    return html`<table>
      <thead><tr><th scope="col">User</th><th scope="col" class="roomy">Connection</th><th scope="col" class="amount">Channels</th><th scope="col" class="amount">For</th></tr></thead>
      <tbody>
        ${connections.map(
          ({ connectionId, user, admin, connectedAt, channels }) => html`<tr>
            <td><a href="#inbox/${encodeURIComponent(user)}">${user}</a> ${admin ? html`<span class="badge">admin</span>` : nothing}</td>
            <td class="roomy"><code>${connectionId}</code></td>
            <td class="amount">${channels}</td>
            <td class="amount">${ago(connectedAt, now)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

interface Channels {
  readonly channels: readonly { readonly channel: string; readonly followers: number }[];
  readonly total: number;
  readonly next?: string;
}

class ChannelList extends PagedList<Channels> {
  protected override readonly heading = 'Channels';
  protected override readonly label = 'Beginning with';
  protected override readonly absent =
    'This deployment keeps no list of its channels: its table would have to be read whole.';

  protected override path(prefix: string): string {
    return `/v1/channels?${prefix === '' ? '' : `prefix=${encodeURIComponent(prefix)}`}`;
  }

  protected override rows({ channels }: Channels) {
    if (channels.length === 0) return html`<p class="notice">Nothing is followed.</p>`;
    return html`<table>
      <thead><tr><th scope="col">Channel</th><th scope="col" class="amount">Followers</th></tr></thead>
      <tbody>
        ${channels.map(
          ({ channel, followers }) => html`<tr>
            <td class="wide"><a href="#messages/${encodeURIComponent(channel)}">${channel}</a></td>
            <td class="amount">${number(followers)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

customElements.define('connection-list', ConnectionList);
customElements.define('channel-list', ChannelList);
