// The language of an answer: that of `Accept-Language`, as far as there are texts in it.
import type { ReportLanguageTag } from '@guardcell/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The first language of the header that there are texts in; English without one. */
export function acceptedLanguage({ headers }: Pick<FastifyRequest, 'headers'>): ReportLanguageTag {
  const wanted = (headers['accept-language'] ?? '')
    .slice(0, 1000)
    .split(',')
    .map((each) => {
      const [tag = '', ...parameters] = each.trim().toLowerCase().split(';');
      const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean);
      return { language: tag.split('-')[0] ?? '', quality: Number(quality ?? 1) };
    })
    .filter(({ language, quality }) => ['en', 'zh', '*'].includes(language) && quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return wanted[0]?.language === 'zh' ? 'zh-CN' : 'en';
}

/** Says in the headers which language the answer is in, and that it depends on who asks. */
export function tellLanguage(reply: FastifyReply, language: ReportLanguageTag): void {
  void reply.headers({ 'content-language': language, vary: 'Accept-Language' });
}
