// Takes the README's pictures: `SCREENSHOTS=folder npm run screenshots` (screenshots.ts).

import base from './playwright.config';

export default { ...base, testDir: '.', testMatch: 'screenshots.ts', workers: 1, projects: undefined };
