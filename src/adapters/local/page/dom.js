// @ts-check

/**
 * The one element that matches, of the expected kind.
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export const find = (root, selector, kind) => {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} at ${selector}`);
  return found;
};

/**
 * A new element. Text becomes text, never markup.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/**
 * Shows the text, or hides the element when there is none.
 * @param {HTMLElement} element
 * @param {string} [text]
 */
export const say = (element, text = '') => {
  element.textContent = text;
  element.hidden = text === '';
};

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

/**
 * @param {number | string} at ms since 1970, or ISO 8601
 * @param {string} [className]
 */
export const time = (at, className = 'time') => {
  const date = new Date(at);
  return make('time', { class: className, datetime: date.toISOString() }, clock.format(date));
};

/** @param {unknown} value */
export const pretty = value => JSON.stringify(value, null, 2);
