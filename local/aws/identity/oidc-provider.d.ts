/** The package's own entry warns, on import, of every Node release before its line became LTS, though the provider runs there. */
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider';
}

declare module 'oidc-provider/lib/helpers/errors.js' {
  export const InvalidTarget: typeof import('oidc-provider').errors.InvalidTarget;
}
