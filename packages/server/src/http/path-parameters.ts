/** The parameters that a path names, in Hono's syntax: `/alerts/:alertId` and `/sketches/:sketchId{[0-9]+}` have one each. */
export type PathParameters<Path extends string> = { readonly [Name in NameIn<Path>]: string }

type NameIn<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? WithoutPattern<Name> | NameIn<`/${Tail}`>
    : WithoutPattern<Rest>
  : never

type WithoutPattern<Name extends string> = Name extends `${infer Bare}{${string}` ? Bare : Name
