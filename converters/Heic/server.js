import { serve } from '../Converters.Node/server.js';
import { convert } from './convert.js';
import { descriptor, readParameters } from './parameters.js';

await serve(descriptor, readParameters, convert);
