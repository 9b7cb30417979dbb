import { describe, expect, it } from 'vitest';
import { homePage } from '#web/home-page.ts';

describe('the page at the base address', () => {
  it('says what this is, lists nobody, and runs no script', () => {
    const page = homePage('https://badges.example');
    expect(page).toContain('<h1>Assay</h1>');
    expect(page).toContain('Nothing is listed here.');
    expect(page).not.toMatch(/<script|\/c\//);
  });
});
