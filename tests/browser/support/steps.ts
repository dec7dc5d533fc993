/** What people do in the example app. */
import type { Page } from "playwright-core";

export const PASSWORD = "correct horse battery staple";
let people = 0;

/** Somebody with an account. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** Signs a guest in and waits for the empty list. */
export async function enterAsGuest(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Continue as guest" }).click();
  await signedIn(page, { name: "Guest" });
  await page.getByText("Nothing to do.").waitFor();
}

/** Signs somebody new up and waits for the signed-in page. */
export async function signUp(page: Page, name = "Ada"): Promise<Person> {
  await page.getByRole("button", { name: "I am new here" }).click();
  const person = await sendSignUp(page, name);
  await signedIn(page, person);
  return person;
}

/** Fills the sign-up form in and sends it; `signedIn` waits for what comes of it. */
export async function sendSignUp(page: Page, name = "Ada"): Promise<Person> {
  people += 1;
  const email = `${name.toLowerCase()}${String(people)}@example.com`;
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  return { name, email };
}

/** Fills the sign-in form in and sends it; `signedIn` waits for what comes of it. */
export async function sendSignIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs somebody in and waits for the signed-in page. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await sendSignIn(page, person.email);
  await signedIn(page, person);
}

/** Signs out and waits for the form. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await signedOut(page);
}

/** Waits for the page of somebody who is signed in. */
export async function signedIn(page: Page, { name }: Pick<Person, "name">): Promise<void> {
  await page.getByText(`Signed in as ${name}`).waitFor();
}

/** Waits for the page of somebody who is signed out. */
export async function signedOut(page: Page): Promise<void> {
  await page.getByRole("form", { name: "Sign in" }).waitFor();
}

/** Adds a to-do and waits until the list shows it. */
export async function addTodo(page: Page, text: string): Promise<void> {
  await page.getByPlaceholder("What is to be done?").fill(text);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByText(text).waitFor();
}

/** Goes to a page of the app and waits until it is shown. */
export async function openView(page: Page, title: string): Promise<void> {
  const link = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: title });
  await link.click();
  await page.locator(`nav a[aria-current="page"]`, { hasText: title }).waitFor();
}
