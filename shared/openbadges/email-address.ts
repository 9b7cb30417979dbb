/** E-mail addresses inside badges. Which addresses belong to one person is another question (#domain/person.ts). */

/** One mailbox is written in many ways, and its owner should not have to remember which. A hash is made of this form, so it can never change. */
export const foldedEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();
