// What the page around asks for and is asked, and what the widget says by itself.

export { serve } from '../ui/site/site';
