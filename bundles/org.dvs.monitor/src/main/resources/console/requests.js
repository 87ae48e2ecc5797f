// All requests by family; a form for each out of its own description; who will get it; what became of it.
import {h, fill, patch, copyButton, problem, freshId, reveal} from './dom.js';
import {post} from './api.js';
import {looking} from './look.js';
import {form} from './form.js';
import {words, commandLine} from './words.js';
import {result} from './result.js';

export async function requests(main, path, query) {
  const list = h('nav', {class: 'families', 'aria-label': 'Requests'});
  const search = h('input', {type: 'search', placeholder: 'Find a request', 'aria-label': 'Find a request', oninput: () => catalogue && drawList()});
  const gone = h('div', {class: 'gone'});
  const place = h('div');
  const outcome = answers();
  fill(main, h('h1', {}, 'Requests'), h('div', {class: 'split'}, h('div', {}, search, list), h('div', {}, place, gone, outcome.element)));
  const command = path.join(' ');
  let catalogue = null;
  let shown = null;
  let open = null;

  function drawList() {
    const families = new Map();
    const wanted = search.value.trim().toLowerCase();
    for (const request of catalogue.requests.filter(each => `${each.command.join(' ')} ${each.name} ${each.help}`.toLowerCase().includes(wanted))) {
      families.set(request.command[0], [...(families.get(request.command[0]) || []), request]);
    }
    patch(list, families.size ? null : h('p', {class: 'empty'}, 'none'), [...families].map(([family, members]) => [h('h2', {}, family), h('ul', {}, members.map(request => h('li', {}, h('a', {
      href: `#/requests/${request.command.join('/')}`, title: request.help, 'aria-current': shown && request.name === shown.name ? 'page' : false,
      class: request.allowed ? false : 'soft'}, request.command.slice(1).join(' ')))))]));
  }

  /** A bundle that goes, or is replaced, takes nothing with it that somebody has typed or that has been answered. */
  function drawForm() {
    const request = catalogue.requests.find(each => each.command.join(' ') === command);
    patch(gone, request ? null : problem({title: `This node serves no request '${command}' now`, next: 'The form comes when the bundle that serves it comes.'}));
    if (request && JSON.stringify(request) !== JSON.stringify(shown)) {
      const typed = open ? open.typed() : query;
      close();
      shown = request;
      open = requestForm(place, request, catalogue, typed, outcome);
    } else if (open) {
      open.served(request !== undefined);
    }
  }

  function close() {
    if (open) {
      open.close();
    }
  }

  function draw() {
    if (command) {
      drawForm();
    }
    drawList();
  }

  if (!command) {
    fill(place, h('p', {class: 'soft'}, 'Choose a request. Each form is made from what the request says of itself; a bundle with a new one has its form here the moment it is there.'));
  }

  const endLooking = await looking('api/catalogue', now => {
    catalogue = now;
    draw();
  }, {}, ['catalogue']);
  reveal(list);
  return () => {
    endLooking();
    close();
    outcome.close();
  };
}

/** Where it is shown what became of a request: {element, show(content), follow(result), close()} */
function answers() {
  const element = h('div');
  let running = null;

  function close() {
    if (running) {
      running.close();
      running = null;
    }
  }

  return {
    element,
    close,
    show(content) {
      close();
      fill(element, content);
    },
    follow(result) {
      this.show(result.element);
      running = result;
    },
  };
}

/** {served(boolean), typed(), close()} @param given URLSearchParams of what stands in it at first, as typed() gives them */
function requestForm(place, request, catalogue, given, outcome) {
  const line = h('code', {class: 'words', 'aria-label': 'The command that does the same'});
  const preview = h('p', {class: 'soft preview', role: 'status'});
  const fields = form(request, changed, Object.fromEntries(given));
  const set = h('input', {id: freshId('nodes'), value: given.get('nodes') || '', placeholder: 'e.g. node[0-2], @group, *,!node1', spellcheck: 'false', oninput: () => { pick.value = 'set'; changed(); }});
  const pick = h('select', {'aria-label': 'Nodes', onchange: () => { if (pick.value === 'set') { set.focus(); } changed(); }},
    h('option', {value: 'local'}, 'this node'), h('option', {value: 'all', selected: given.has('all')}, `all (${catalogue.nodes.length})`),
    Object.keys(catalogue.groups).map(group => h('option', {value: `@${group}`}, `group ${group}`)), h('option', {value: 'set', selected: given.has('nodes')}, 'a set'));
  const options = catalogue.options.filter(option => !['nodes', 'group', 'all'].includes(option.word)).map(option => {
    const id = freshId('option');
    const input = h('input', {id, name: option.word, value: given.get(option.word) || '', placeholder: option.placeholder, spellcheck: 'false', oninput: changed});
    return {word: option.word, input, element: h('div', {class: 'field'}, h('label', {for: id}, option.word), input, h('span', {class: 'help'}, option.help))};
  });
  const confirm = h('input', {type: 'checkbox', id: freshId('confirm'), onchange: changed});
  const send = h('button', {class: 'main'}, request.changes ? 'Do it' : 'Ask');
  const rehearse = h('button', {type: 'button', onclick: dry}, 'Dry run');
  let offered = true;
  let sending = false;
  let timer = null;

  function current() {
    const chosen = [];
    if (pick.value === 'all') {
      chosen.push(['all', true]);
    } else if (pick.value === 'set') {
      chosen.push(['nodes', set.value.trim()]);
    } else if (pick.value.startsWith('@')) {
      chosen.push(['nodes', pick.value]);
    }
    options.filter(option => option.input.value.trim() !== '').forEach(option => chosen.push([option.word, option.input.value.trim()]));
    if (request.destructive && confirm.checked) {
      chosen.push(['yes', true]);
    }
    return words(request, fields.values(), chosen);
  }

  function changed() {
    line.textContent = commandLine(current());
    clearTimeout(timer);
    timer = setTimeout(plan, 250);
  }

  async function plan() {
    if (!request.allowed || !offered) {
      // To be refused is a line in the audit.
      return;
    }
    try {
      const tree = await post('api/plan', current().map(word => ['w', word]));
      preview.className = 'soft preview';
      preview.textContent = `Goes to ${tree.folded} (${tree.nodes.length}); needs role ${tree.role}${tree.destructive ? '; destroys something' : tree.changes ? '; changes something' : ''}.`;
    } catch (error) {
      preview.className = 'preview bad';
      preview.textContent = `${error.title || ''} ${error.detail || ''}`;
    }
  }

  /** What is sent to whom, and what was found out about it without sending it. */
  async function dry() {
    if (!fields.check()) {
      return;
    }
    try {
      const tree = await post('api/plan', current().map(word => ['w', word]));
      outcome.show(h('section', {class: 'panel', 'aria-label': 'Dry run'}, h('h2', {}, 'Dry run ', h('small', {}, 'nothing was sent')), h('dl', {class: 'facts'},
        [['request', tree.request], ['nodes', `${tree.folded} (${tree.nodes.length})`], ['role', tree.role],
          ['does', tree.destructive ? 'destroys something' : tree.changes ? 'changes something' : 'only reads'],
          ...Object.entries(tree.values).map(([name, value]) => [name, Array.isArray(value) ? value.join(' ') : String(value)])]
          .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
      h('p', {class: 'soft'}, 'Checked here: the request is known, you have its role, each value is of its type and in its range, the nodes are registered. '
        + 'What only a node can know, such as whether a file is there, it says when it is asked.')));
    } catch (error) {
      outcome.show(problem(error));
    }
  }

  async function submit(event) {
    event.preventDefault();
    if (!fields.check()) {
      return;
    }
    if (request.destructive && !confirm.checked) {
      outcome.show(problem({title: 'This destroys something; nothing was sent', next: 'If you mean it, say so above.'}));
      confirm.focus();
      return;
    }
    await start();
  }

  async function start() {
    sending = true;
    enable();
    try {
      const list = current();
      const tree = await post('api/jobs', [...list.map(word => ['w', word]), ...(confirm.checked ? [['confirm', 'yes']] : [])]);
      outcome.follow(result(tree.job, commandLine(list), request.parameters.some(parameter => parameter.name === 'interval')));
    } catch (error) {
      outcome.show(problem(error));
    } finally {
      sending = false;
      enable();
    }
  }

  function enable() {
    rehearse.disabled = !request.allowed || !offered;
    send.disabled = rehearse.disabled || sending;
  }

  fill(place, h('form', {class: 'panel', onsubmit: submit, novalidate: true},
    h('h2', {}, request.command.join(' '), ' ', h('small', {}, request.name), ' ',
      h('span', {class: 'tag'}, request.role), request.changes ? [' ', h('span', {class: 'tag'}, request.destructive ? 'destroys' : 'changes')] : null), h('p', {}, request.help), fields.element,
    h('fieldset', {}, h('legend', {}, 'Who gets it'), h('div', {class: 'row'}, pick, h('label', {for: set.id}, 'set'), set),
      h('details', {}, h('summary', {}, 'How'), h('div', {class: 'fields'}, options.map(option => option.element)))),
    request.destructive ? h('p', {class: 'row'}, confirm, h('label', {for: confirm.id}, 'Yes, I know that it destroys something')) : null,
    preview, h('div', {class: 'row'}, send, rehearse, line, copyButton(() => commandLine(current()))),
    request.allowed ? null : h('p', {class: 'warn'}, `It needs the role ${request.role}, which you do not have.`)));
  enable();
  changed();
  return {
    served(now) {
      if (offered !== now) {
        offered = now;
        enable();
        changed();
      }
    },
    typed() {
      const nodes = pick.value === 'all' ? [['all', '']] : pick.value === 'local' ? [] : [['nodes', pick.value === 'set' ? set.value : pick.value]];
      return new URLSearchParams([...fields.typed(), ...nodes, ...options.map(option => [option.word, option.input.value])]);
    },
    close: () => clearTimeout(timer),
  };
}
