// Nodes in a ring and lines between them. Elements stay; of a line is changed what differs.
import {s, patch} from './dom.js';

const WIDTH = 900;
const HEIGHT = 520;
/** With more nodes than this they are small, and with more than that they have no names. */
const SMALL = 30;
const NAMELESS = 60;

export class Picture {
  #lines = s('g');
  #nodes = s('g');
  element = s('svg', {class: 'topology', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img'}, this.#lines, this.#nodes);
  #places = new Map();
  /** Way of a line by its ends. */
  #ways = new Map();
  #drawn = [];

  /** @param nodes [{node, present}] */
  nodes(nodes) {
    this.#ways.clear();
    this.#places = new Map(nodes.map(({node}, at) => {
      const angle = 2 * Math.PI * at / nodes.length - Math.PI / 2;
      return [node, [WIDTH / 2 + Math.cos(angle) * WIDTH * 0.38, HEIGHT / 2 + Math.sin(angle) * HEIGHT * 0.38]];
    }));
    const radius = nodes.length > SMALL ? 7 : 24;
    patch(this.#nodes, nodes.map(({node, present}) => {
      const [x, y] = this.#places.get(node);
      return [s('circle', {cx: x, cy: y, r: radius, class: present ? '' : 'down'}),
        nodes.length > NAMELESS ? null : s('text', {x, y: y + radius + 15, 'text-anchor': 'middle'}, present ? node : `${node} down`)];
    }));
  }

  has(node) {
    return this.#places.has(node);
  }

  /** @param lines [{from, to, look, width, title}] between nodes that are there; title may be empty */
  lines(lines, label) {
    this.element.setAttribute('aria-label', label);
    this.#drawn.splice(lines.length).forEach(line => line.element.remove());
    lines.forEach((line, at) => {
      if (at === this.#drawn.length) {
        this.#drawn.push({element: s('path'), title: ''});
        this.#lines.append(this.#drawn[at].element);
      }
      const drawn = this.#drawn[at];
      for (const [name, value] of [['d', this.#way(line.from, line.to)], ['class', `edge ${line.look}`], ['stroke-width', line.width]]) {
        if (drawn[name] !== value) {
          drawn[name] = value;
          drawn.element.setAttribute(name, value);
        }
      }
      if (drawn.title !== line.title) {
        drawn.title = line.title;
        patch(drawn.element, line.title && s('title', {}, line.title));
      }
    });
  }

  /** Each direction bends to its own side, and all of them to the middle. */
  #way(from, to) {
    const key = `${from} ${to}`;
    let way = this.#ways.get(key);
    if (!way) {
      const [[x1, y1], [x2, y2]] = [this.#places.get(from), this.#places.get(to)];
      const middle = [(x1 + x2) / 2, (y1 + y2) / 2];
      const x = middle[0] + (WIDTH / 2 - middle[0]) * 0.15 + (y2 - y1) * 0.1;
      const y = middle[1] + (HEIGHT / 2 - middle[1]) * 0.15 - (x2 - x1) * 0.1;
      way = `M${x1.toFixed(1)} ${y1.toFixed(1)} Q${x.toFixed(1)} ${y.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`;
      this.#ways.set(key, way);
    }
    return way;
  }
}
