import { css, html, LitElement } from 'lit';
import type { Message } from '../../client/index.ts';
import type { Session } from '../session.ts';
import { base } from '../styles/base.ts';
import './composer.ts';
import type { ConsoleComposer } from './composer.ts';
import './frames.ts';
import type { ConsoleFrames } from './frames.ts';
import './screen.ts';
import type { ConsoleScreen, ScreenEvents } from './screen.ts';

type Name = 'alice' | 'bob';

/** Send something, and watch two screens get it, with their networks or after them. */
export class TryView extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template: 'composer screens' auto 'composer frames' minmax(260px, 1fr) / 404px minmax(0, 1fr);
        gap: 20px;
      }

      console-composer {
        grid-area: composer;
      }

      .screens {
        display: grid;
        grid-area: screens;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 20px;
      }

      console-frames {
        grid-area: frames;
      }

      @media (max-width: 1180px) {
        :host {
          grid-template: 'composer' auto 'screens' auto 'frames' 360px / minmax(0, 1fr);
        }
      }

      @media (max-width: 680px) {
        :host,
        .screens {
          gap: 14px;
        }

        .screens {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  session: Session | undefined;
  announce: (text: string) => void = () => {};

  /** Begins anew, with the tokens that there are now. */
  restart(): void {
    for (const screen of this.renderRoot.querySelectorAll<ConsoleScreen>('console-screen')) screen.restart();
  }

  protected override render() {
    // Only alice follows topic:orders, so that a topic shows its difference from broadcast.
    return html`<console-composer .session=${this.session}></console-composer>
      <div class="screens">${this.#screen('alice', ['topic:orders'])}${this.#screen('bob', [])}</div>
      <console-frames></console-frames>`;
  }

  #screen(name: Name, follows: readonly string[]) {
    return html`<console-screen .name=${name} .session=${this.session} .follows=${follows}
      .on=${this.#eventsOf(name)}></console-screen>`;
  }

  #eventsOf(name: Name): ScreenEvents {
    return {
      frame: (direction, text) => this.#part<ConsoleFrames>('console-frames')?.add(name, direction, text),
      shown: ({ notification }: Message, at) => {
        if (notification) this.#composer?.noteArrival(notification.id, name, at);
      },
      write: channel => this.#composer?.address(channel),
      announce: text => this.announce(text),
    };
  }

  get #composer(): ConsoleComposer | undefined {
    return this.#part<ConsoleComposer>('console-composer');
  }

  #part<Part extends Element>(tag: string): Part | undefined {
    return this.renderRoot.querySelector<Part>(tag) ?? undefined;
  }
}

customElements.define('try-view', TryView);
