import Link from "next/link";
import { createTracker } from "chatvitals";
import { SignUp } from "./sign-up.js";

// A server component may import the tracker, and even make one: on a server it does nothing.
createTracker({ endpoint: "/api/events" }).track("on_server");

export default function Page() {
  return (
    <main>
      <SignUp />
      <Link href="/about">About</Link>
    </main>
  );
}
