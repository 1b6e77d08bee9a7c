// Takes the screenshots of the README (screenshots.ts): `SCREENSHOTS=folder npm run screenshots`.

import base from './playwright.config';

export default { ...base, testDir: '.', testMatch: 'screenshots.ts', workers: 1, projects: undefined };
