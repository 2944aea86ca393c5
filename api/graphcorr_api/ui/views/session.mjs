// Signing in with a token, where the server wants one.
import { useState } from "../vendor/hooks.mjs";
import { call, forget, send } from "../app/api.mjs";
import { html } from "../app/html.mjs";
import { useTitle } from "../app/title.mjs";

export function SignIn({ done }) {
  useTitle("Sign in");
  const [token, set] = useState("");
  const [problem, setProblem] = useState(null);
  const enter = async (event) => {
    event.preventDefault();
    try {
      await send(call(["session"]), { token: token.trim() });
      forget();
      set("");
      done();
    } catch (error) {
      setProblem(error.status === 401 ? "This token is not known here, or has ended. Ask whoever runs the server for one: graphcorr token add." : error.message);
    }
  };
  return html`<div class="page"><form class="sign-in" onSubmit=${enter}>
    <h1>Sign in</h1>
    <p class="quiet">This server answers only those who have a token of it.</p>
    <label>Token <input type="password" value=${token} autocomplete="current-password" required onInput=${(event) => set(event.target.value)} /></label>
    ${problem && html`<p class="alert" role="alert">${problem}</p>`}
    <button type="submit" class="main">Sign in</button>
  </form></div>`;
}
