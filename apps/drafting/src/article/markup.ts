import { type Block, cleanHtml } from '#contracts';

/** The block with everything taken out of its HTML that a block may not contain. Done twice it does no more than once. */
export const clean = (block: Block): Block => ({ ...block, html: cleanHtml(block.html) });
