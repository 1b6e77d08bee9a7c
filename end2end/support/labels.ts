// The accessible names of the controls, in both languages.

export type Language = 'es' | 'en';

export const labels = {
  es: {
    canvas: 'Lienzo para dibujar un dígito',
    undo: 'Deshacer',
    redo: 'Rehacer',
    clear: 'Borrar',
    askServer: 'Preguntar al servidor',
    upload: 'Subir imagen',
    copyAs: 'Copiar como código',
    tools: 'Lápiz y goma',
    pen: { thin: 'Fino', medium: 'Medio', thick: 'Grueso' },
    eraser: 'Goma',
    grid: 'Dibujar en una cuadrícula',
    otherLanguage: 'English',
  },
  en: {
    canvas: 'Canvas to draw a digit',
    undo: 'Undo',
    redo: 'Redo',
    clear: 'Clear',
    askServer: 'Ask the server',
    upload: 'Upload a picture',
    copyAs: 'Copy as code',
    tools: 'Pen and eraser',
    pen: { thin: 'Thin', medium: 'Medium', thick: 'Thick' },
    eraser: 'Eraser',
    grid: 'Draw on a grid',
    otherLanguage: 'Español',
  },
} as const;
