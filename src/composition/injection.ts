import 'reflect-metadata/lite';
import type { Container, ContainerModuleLoadOptions } from 'inversify';

/** The name of a binding, and at compile time the type behind it. */
export interface Token<T> {
  readonly id: symbol;
  /** Never set; it only carries the type. */
  readonly type?: T;
}

export const token = <T>(name: string): Token<T> => ({ id: Symbol(name) });

type Tokens = Readonly<Record<string, Token<unknown>>>;
type Parts<Needs extends Tokens> = {
  readonly [Name in keyof Needs]: Needs[Name] extends Token<infer T> ? T : never;
};

/** Binds a singleton that is made, at the first need, from one object of what it depends on. */
export const singleton = <T, Needs extends Tokens>(
  { bind }: ContainerModuleLoadOptions,
  { id }: Token<T>,
  needs: Needs,
  make: (parts: Parts<Needs>) => T,
): void => {
  const names = Object.keys(needs);
  const identifiers = Object.values(needs).map(need => need.id);
  const factory = (...values: unknown[]): T =>
    make(Object.fromEntries(names.map((name, index) => [name, values[index]])) as Parts<Needs>);
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
