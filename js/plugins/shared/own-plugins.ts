/** Which plugins of an instance are ours, as we made them: a copy to which an app has added something is the app's. */

const own = new WeakSet<object>();

/** Remembers a plugin that this package has made. */
export function asOwn<Plugin extends object>(plugin: Plugin): Plugin {
  own.add(plugin);
  return plugin;
}

/** True for a plugin that this package has made, and nobody has copied. */
export function isOwn(plugin: object): boolean {
  return own.has(plugin);
}
