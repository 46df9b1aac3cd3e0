// The suite's configuration for its one walk that is taken by hand (tour.sh).
import suite from './playwright.config.ts';

export default { ...suite, testMatch: 'tour.ts' };
