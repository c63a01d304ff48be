// @ts-check
import { cliCommand, curlCommand } from './commands.js';
import { find, say } from './dom.js';

/** @typedef {import('./commands.js').Request} Request */

const FIELDS = ['to', 'title', 'body', 'priority', 'category', 'data'];

/** The form that sends, and the same call for a shell. */
export class Composer {
  #token;
  #answer;
  #form = find(document, '#notification', HTMLFormElement);
  #command = find(document, '#command', HTMLElement);
  #button = find(document, '#notification [type=submit]', HTMLButtonElement);
  /** @type {{ body: string, key: string } | undefined} a call that got no answer, to be retried under its key */
  #unanswered;

  /**
   * @param {() => Promise<string>} token of the sender
   * @param {import('./answer.js').Answer} answer
   */
  constructor(token, answer) {
    this.#token = token;
    this.#answer = answer;
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      void this.#send();
    });
    this.#form.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit();
    });
    this.#form.addEventListener('input', () => this.#refresh());
    this.#form.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLElement && target.dataset.to) this.address(target.dataset.to);
    });
    find(document, '#shell', HTMLElement).addEventListener('change', () => this.#refresh());
    find(document, '#copy', HTMLElement).addEventListener('click', () => void copy(this.#command));
    this.#refresh();
  }

  /** @param {string} channel */
  address(channel) {
    this.#input('to').value = channel;
    this.#blame('to');
    this.#refresh();
  }

  focus() {
    this.#button.focus();
  }

  async #send() {
    if (this.#button.getAttribute('aria-disabled') === 'true') return;
    for (const field of FIELDS) this.#blame(field);
    const { request, problem } = this.#read();
    if (problem !== undefined) {
      this.#refuse([{ field: 'data', message: problem }]);
      return;
    }
    this.#button.setAttribute('aria-disabled', 'true');
    const sentAt = performance.now();
    try {
      const response = await this.#post(JSON.stringify(request));
      if (response.status === 202) this.#answer.accept((await response.json()).id, sentAt);
      else this.#explain(response, await response.json().catch(() => ({})));
    } catch (error) {
      this.#answer.fail('No answer', String(/** @type {Error} */ (error).message));
    } finally {
      this.#button.removeAttribute('aria-disabled');
    }
  }

  /** @param {string} body */
  async #post(body) {
    const token = await this.#token();
    const key = this.#unanswered?.body === body ? this.#unanswered.key : newKey();
    this.#unanswered = { body, key };
    const response = await fetch('/v1/notifications', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body,
    });
    this.#unanswered = undefined;
    return response;
  }

  /**
   * @param {Response} response
   * @param {{ title?: string, detail?: string, requestId?: string, errors?: FieldError[] }} problem
   */
  #explain({ status, statusText }, { title = statusText, detail, requestId, errors = [] }) {
    const elsewhere = this.#refuse(errors);
    const details = [
      detail,
      ...elsewhere.map(({ field, message }) => `${field}: ${message}`),
      requestId && `Request ${requestId}`,
    ];
    this.#answer.fail(`${status} ${title}`, ...details.filter(text => text !== undefined));
  }

  /**
   * Shows each error next to its field and goes to the first.
   * @param {FieldError[]} errors
   * @returns the errors of no field here
   */
  #refuse(errors) {
    const here = errors.filter(({ field }) => FIELDS.includes(base(field)));
    for (const { field, message } of here) this.#blame(base(field), message);
    const [first] = here;
    if (first) this.#input(base(first.field)).focus();
    return errors.filter(error => !here.includes(error));
  }

  /**
   * @param {string} field
   * @param {string} [message] none takes the blame away
   */
  #blame(field, message) {
    say(find(document, `#${field}-error`, HTMLElement), message);
    const input = this.#input(field);
    if (message) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }

  #refresh() {
    const { request, problem } = this.#read();
    this.#blame('data', problem);
    const inCurl = find(document, '#shell [value=curl]', HTMLInputElement).checked;
    this.#command.textContent = (inCurl ? curlCommand : cliCommand)(request, location.origin);
    find(document, '#token-hint', HTMLElement).hidden = !inCurl;
    for (const chip of this.#form.querySelectorAll('[data-to]')) {
      const { to } = /** @type {HTMLElement} */ (chip).dataset;
      chip.setAttribute('aria-pressed', String(request.to.length === 1 && request.to[0] === to));
    }
  }

  /** @returns {{ request: Request, problem?: string }} `problem`: why the data is left out */
  #read() {
    const form = new FormData(this.#form);
    const value = (/** @type {string} */ name) => String(form.get(name) ?? '').trim();
    const [body, category, priority, data] = ['body', 'category', 'priority', 'data'].map(value);
    const request = {
      to: value('to')
        .split(/[\s,]+/)
        .filter(Boolean),
      title: value('title'),
      ...(body && { body }),
      ...(category && { category }),
      ...(priority !== 'normal' && { priority: /** @type {'low' | 'high'} */ (priority) }),
    };
    if (!data) return { request };
    try {
      return { request: { ...request, data: JSON.parse(data) } };
    } catch (error) {
      return { request, problem: `This is not JSON: ${/** @type {Error} */ (error).message}` };
    }
  }

  /** @param {string} name */
  #input(name) {
    const selector = name === 'priority' ? '[name=priority]:checked' : `[name=${name}]`;
    return /** @type {HTMLInputElement} */ (find(this.#form, selector, HTMLElement));
  }
}

/** @typedef {{ field: string, message: string }} FieldError */

/** @param {HTMLElement} source */
const copy = async source => {
  const told = find(document, '#copied', HTMLElement);
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    told.textContent = 'Copied.';
  } catch {
    // A page that is neither https nor on localhost has no clipboard.
    getSelection()?.selectAllChildren(source);
    told.textContent = 'Selected: copy it with your keyboard.';
  }
};

/** As unguessable as crypto.randomUUID(), which a page over plain http lacks. */
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

/** @param {string} field such as `to[0]` */
const base = field => field.split(/[.[]/)[0] ?? field;
