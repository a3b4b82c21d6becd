/** A share that is judged by its digits, never rounded up: 0.99996 is 99.99 %, not 100 %. */
export const exactShare = (share: number): string => `${(Math.floor(share * 10_000) / 100).toLocaleString('en')} %`;
