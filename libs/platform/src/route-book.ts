/** Which methods each address takes, so that a wrong method is told from a wrong address. */
export class RouteBook {
  readonly #routes: { readonly method: string; readonly pattern: RegExp }[] = [];

  add(methods: string | readonly string[], url: string): void {
    const parts = url.split('/').map((part) => {
      if (part.startsWith(':')) return '[^/]+';
      return part === '*' ? '.+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    });
    const pattern = new RegExp(`^${parts.join('/')}$`);
    for (const method of [methods].flat()) this.#routes.push({ method, pattern });
  }

  methodsOf(path: string): string[] {
    return [...new Set(this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
  }
}
