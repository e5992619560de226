/** Pairs of a letter and the Latin one that it is taken for; `a:аα` says that both follow from a. */
const read = (table: string): [string, string][] =>
  table.split(' ').flatMap((row) => {
    const [meant = '', others = ''] = row.split(':');
    return Array.from(others, (other): [string, string] => [other, meant]);
  });

/** Letters of other scripts, and small capitals, in lower case. Capitals count: В is в in lower case, and looks like B. */
export const lookAlikes: ReadonlyMap<string, string> = new Map(
  read(
    'a:аαɑᴀ b:вβʙ c:сᴄ d:ԁᴅ e:еёεᴇ g:ɡɢ h:нһʜհ i:іїιɩɪ j:јᴊ k:кκᴋ l:ӏʟ m:мᴍ n:ոɴ o:оοօᴏ p:рρᴘ q:ԛ r:ʀ s:ѕꜱ t:тτᴛ u:υսᴜ v:νѵᴠ w:ωԝᴡ x:хχ y:уүʏ z:ᴢ',
  ),
);

/** Digits and signs that stand for letters. */
export const substitutes: ReadonlyMap<string, string> = new Map(read('o:0 i:1! e:3€ a:4@ s:5$ t:7'));
