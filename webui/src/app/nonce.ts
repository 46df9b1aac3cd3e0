// The nonce without which the page's policy allows no style that is made while the page runs.
export const nonce =
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
