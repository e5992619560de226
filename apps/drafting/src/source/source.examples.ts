/** One source, as the examples of drafting's API tell of it. */
const identity = { names: ['Mira Tolland', 'Col. Tolland'], details: 'By post only.' };
const description = 'an officer of the harbour guard';
const why = 'Officers may not speak to the press.';

export const register = { desk: 'city', description, why, identity };
export const look = { reason: 'A lawyer asks whether we can stand by it.' };
export const retract = { reason: 'What was said has turned out to be made up.', ifOut: 'hold' };
export const id = '01890f3c-5a10-8b21-9c44-3f6e2d7a1b0a';
export const seen = { id, version: 3, identity };
export const view = {
  ...{ id, state: 'verified', desk: 'city', description, why },
  ...{ registeredBy: { id: 'rana', name: 'Rana' }, verifiedBy: [{ id: 'edna', name: 'Edna' }] },
  ...{ seen: [{ by: { id: 'edna', name: 'Edna' }, reason: look.reason }], retracted: false, articles: [] },
};
export const listed = {
  items: [{ id, state: 'verified', desk: 'city', description, known: true, articles: 0, alerts: 1 }],
};
export const uses = {
  items: [
    {
      ...{ articleId: 'e687b108-fd82-89b0-87bf-35ae30a22c85', state: 'approved', blocks: ['p2'], task: 'open' },
      publication: { state: 'published', version: 2 },
    },
  ],
};
const alertId = '5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592';
export const alerts = {
  items: [
    {
      ...{ id: alertId, seen: false, kind: 'article', articleId: 'e687b108-fd82-89b0-87bf-35ae30a22c85' },
      ...{ field: 'html', block: 'p4' },
    },
  ],
};
export const alertTold = {
  ...{ sourceId: id, id: alertId, kind: 'article', articleId: 'e687b108-fd82-89b0-87bf-35ae30a22c85' },
  ...{ field: 'html', block: 'p4' },
};
export const seeAlerts = { alerts: [alertId] };
export const alertsSeen = { unseen: 0 };
export const actions = {
  actions: [
    { command: 'look', by: ['knower', 'privacy-officer'] },
    { command: 'retract', by: ['knower', 'editor'] },
  ],
};
