import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

// Two catalogues of one language: what belongs to a customer and their outbox, and everything around it.
const customer = ['<rootDir>/src/features/customer', '<rootDir>/src/features/outbox'];

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'ja'],
  format: formatter({ lineNumbers: false, origins: false }),
  orderBy: 'message',
  catalogs: [
    {
      path: '<rootDir>/src/locales/{locale}',
      include: ['<rootDir>/src'],
      exclude: ['**/node_modules/**', '**/*.test.tsx', ...customer.map((folder) => `${folder}/**`)],
    },
    {
      path: '<rootDir>/src/features/customer/locales/{locale}',
      include: customer,
      exclude: ['**/*.test.tsx'],
    },
  ],
});
