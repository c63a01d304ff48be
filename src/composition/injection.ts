import 'reflect-metadata/lite';
import type { Container, ContainerModuleLoadOptions } from 'inversify';

/** The name of a binding, and at compile time the type behind it. */
export interface Token<T> {
  readonly id: symbol;
  /** Never set; it only carries the type. */
  readonly type?: T;
}

export const token = <T>(name: string): Token<T> => ({ id: Symbol(name) });

/** The parts that something depends on, by the names under which it gets them. */
export type Needs = Readonly<Record<string, Token<unknown>>>;
export type Parts<Needed extends Needs> = {
  readonly [Name in keyof Needed]: Needed[Name] extends Token<infer T> ? T : never;
};

/** Binds a singleton that is made, at the first need, from one object of what it depends on. */
export const singleton = <T, Needed extends Needs>(
  { bind }: ContainerModuleLoadOptions,
  { id }: Token<T>,
  needs: Needed,
  make: (parts: Parts<Needed>) => T,
): void => {
  const names = Object.keys(needs);
  const identifiers = Object.values(needs).map(need => need.id);
  const factory = (...values: unknown[]): T =>
    make(Object.fromEntries(names.map((name, index) => [name, values[index]])) as Parts<Needed>);
  bind<T>(id).toResolvedValue(factory, identifiers).inSingletonScope();
};

/** Lets one name stand for another: a port for the adapter that implements it. */
export const alias = <T, Adapter extends T>(
  { bind }: ContainerModuleLoadOptions,
  port: Token<T>,
  adapter: Token<Adapter>,
): void => {
  bind<T>(port.id).toService(adapter.id);
};

export const resolve = <T>(container: Container, { id }: Token<T>): T => container.get<T>(id);

/** All of what something needs, under the names by which it asks. */
export const resolveAll = <Needed extends Needs>(container: Container, needs: Needed): Parts<Needed> =>
  Object.fromEntries(
    Object.entries(needs).map(([name, need]) => [name, resolve(container, need)]),
  ) as Parts<Needed>;
