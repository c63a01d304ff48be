import { html } from 'lit';
import { sentenceOf } from '../../domain/trail-sentence.ts';
import { timeOf } from '../format.ts';
import type { Entry } from '../trail/steps.ts';
import { trailLink } from '../trail/view.ts';
import { UserList } from './user-list.ts';

const LIMIT = 20;

interface Sent {
  readonly id: string;
  readonly at: string;
  readonly title?: string;
  readonly last: Entry;
}

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What a user was sent last, and where each of it has got to. */
export class UserRecent extends UserList<{ readonly notifications: readonly Sent[] }> {
  protected override readonly heading = 'Sent last';
  protected override readonly absent = 'This deployment keeps no trail.';

  protected override path(user: string): string {
    return `/v1/users/${user}/notifications?limit=${LIMIT}`;
  }

  protected override rows({ notifications }: { readonly notifications: readonly Sent[] }) {
    return notifications.length === 0 ? 'Nothing yet.' : notifications.map(sent => this.#row(sent));
  }

  #row({ id, at, title, last }: Sent) {
    return html`<tr>
      <td>${timeOf(at)}</td>
      <td class="wide"><strong>${title ?? html`<code>${id}</code>`}</strong>
        <span class="hint">${sentenceOf(last, { user: last.user, at: last.at, timeZone })}</span></td>
      <td class="roomy hint">${trailLink(id, this.user)}</td>
    </tr>`;
  }
}

customElements.define('user-recent', UserRecent);
