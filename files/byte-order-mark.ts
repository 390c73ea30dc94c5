/** A text without the byte order mark that some editors and shells of Windows write first. JSON.parse refuses it. */
export const withoutBom = (text: string): string => text.replace(/^\ufeff/, "");
