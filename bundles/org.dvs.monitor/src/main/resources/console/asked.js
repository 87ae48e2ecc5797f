// Pages that are a few requests: each with its form, those that only look asked at once.
import {h, fill, problem} from './dom.js';
import {get} from './api.js';
import {requestForm} from './requests.js';

/** A page. @param commands words of the requests, in order */
export function asked(title, note, commands) {
  return async main => {
    const catalogue = await get('api/catalogue');
    const open = [];
    const places = commands.map(command => {
      const place = h('section', {'aria-label': command});
      const request = catalogue.requests.find(each => each.command.join(' ') === command);
      if (request) {
        open.push(requestForm(place, request, catalogue, new URLSearchParams('all'), true));
      } else {
        fill(place, problem({title: `This node serves no request '${command}' now`}));
      }
      return place;
    });
    fill(main, h('h1', {}, title, ' ', h('small', {}, note)), places);
    return () => open.forEach(form => form.close());
  };
}
