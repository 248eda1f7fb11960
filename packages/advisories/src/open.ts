// What a scan needs of this package: opening the database and asking it. The rest reads feeds, and takes longer to load than
// many a scan takes.
export { type AdvisoryDatabase, openDatabase } from './database/open.ts';
export type { FeedState } from './database/schema.ts';
export { type AdvisoryPlaces, databasePath, openAdvisories, openTrusted } from './locate.ts';
