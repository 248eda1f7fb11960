// The console's files. Paths that are no file lead to its start page, so that its own addresses can be opened directly.
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

function wantsPage(request: FastifyRequest): boolean {
  const { method, url, headers } = request;
  const isPage = (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
  return isPage && !/^\/(api|agent)(\/|$)/.test(url) && !/\.\w{1,8}$/.test(url.split('?')[0] ?? '');
}

/** Also answers everything that no route takes. */
export async function serveConsole(app: FastifyInstance, webRoot: string): Promise<void> {
  const hasConsole = webRoot !== '' && existsSync(join(webRoot, 'index.html'));
  if (hasConsole) {
    await app.register(fastifyStatic, {
      root: webRoot,
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders(reply, path) {
        // File names below assets/ carry a hash of their content.
        const hashed = path.startsWith(join(webRoot, 'assets') + sep);
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (hasConsole && wantsPage(request)) return reply.sendFile('index.html');
    throw new ApiError('GC_NOT_FOUND', 'there is nothing at this address', {
      hint: hasConsole || request.url !== '/' ? '' : 'The console is not built; the API is below /api/v1.',
    });
  });
}
