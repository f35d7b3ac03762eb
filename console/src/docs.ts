/** The API reference at /docs: OpenAPI Explorer over the server's own /openapi.json, in the colours of the console. */
import 'openapi-explorer';
import './styles/docs.css';

const dark = matchMedia('(prefers-color-scheme: dark)');

function render(): void {
  const explorer = document.createElement('openapi-explorer');
  const colours = dark.matches
    ? { 'bg-color': '#14161c', 'text-color': '#e8eaf0', 'primary-color': '#a8b3ff', 'nav-bg-color': '#1b1e26', 'nav-text-color': '#c9cedb', 'secondary-color': '#a8b3ff' }
    : { 'bg-color': '#ffffff', 'text-color': '#1d2330', 'primary-color': '#3f4fc4', 'nav-bg-color': '#f2f3f8', 'nav-text-color': '#3b4358', 'secondary-color': '#3f4fc4' };
  const settings = {
    'spec-url': '/openapi.json',
    'hide-server-selection': 'true',
    'table': 'true',
    ...colours,
  };
  for (const [name, value] of Object.entries(settings)) explorer.setAttribute(name, value);
  document.getElementById('reference')?.replaceChildren(explorer);
}

dark.addEventListener('change', render);
render();
