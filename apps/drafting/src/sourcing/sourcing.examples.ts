const [block, speaker, version] = ['p2', 'an officer of the harbour guard', 2];

export const attribute = { block, speaker, sourceId: '01890f3c-5a10-8b21-9c44-3f6e2d7a1b0a' };
export const check = { version, answer: 'public-mention' };
export const view = {
  attributions: [{ block, speaker, verified: true, retracted: false, sourceId: attribute.sourceId }],
  named: [{ sourceId: attribute.sourceId, in: 'note', field: 'note', from: 7, to: 19 }],
  checks: [{ version, answer: 'public-mention' }],
};
