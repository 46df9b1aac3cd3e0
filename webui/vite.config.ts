import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` serves the sources, and asks a platform that runs beside it.
const platform = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 1200, assetsInlineLimit: 0 },
  server: {
    proxy: {
      '/access': platform,
      '/api': platform,
      '/apitokens': platform,
      '/namespaces': platform,
      '/sql': platform,
    },
  },
});
