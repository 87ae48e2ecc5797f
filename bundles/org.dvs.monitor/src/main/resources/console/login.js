// In by name and password, or by a link of 'dvs open'.
import {h, fill, problem} from './dom.js';
import {post, opened} from './api.js';

/** The form; calls done after a login. */
export function loginForm(done) {
  const wrong = h('div');
  const user = h('input', {id: 'login-user', name: 'user', autocomplete: 'username', required: true, autocapitalize: 'none', spellcheck: 'false'});
  const password = h('input', {id: 'login-password', name: 'password', type: 'password', autocomplete: 'current-password', required: true});
  const button = h('button', {class: 'main'}, 'Log in');
  return h('form', {onsubmit: async event => {
    event.preventDefault();
    button.disabled = true;
    fill(wrong);
    try {
      opened(await post('api/login', [['user', user.value], ['password', password.value]]));
      done();
    } catch (error) {
      fill(wrong, problem(error));
      password.value = '';
      password.focus();
    } finally {
      button.disabled = false;
    }
  }},
  h('label', {for: 'login-user'}, 'Name'), user, h('label', {for: 'login-password'}, 'Password'), password, button, wrong,
  h('p', {class: 'soft'}, 'The first account is admin; its password is in keys/admin.password of the node. "dvs open" prints a link that logs in without one.'));
}

/** Uses a link up. */
export async function redeem(ticket) {
  opened(await post('api/ticket', [['ticket', ticket]]));
}
