// The words by which a person, or a screen reader, finds the controls.

export type Language = 'es' | 'en';

export const words = {
  es: {
    canvas: 'Lienzo para dibujar un dígito',
    undo: 'Deshacer',
    clear: 'Borrar',
    ask: 'Preguntar al servidor',
    upload: 'Subir imagen',
    pens: 'Grosor',
    pen: { thin: 'Fino', medium: 'Medio', thick: 'Grueso' },
    otherLanguage: 'English',
  },
  en: {
    canvas: 'Canvas to draw a digit',
    undo: 'Undo',
    clear: 'Clear',
    ask: 'Ask the server',
    upload: 'Upload a picture',
    pens: 'Pen width',
    pen: { thin: 'Thin', medium: 'Medium', thick: 'Thick' },
    otherLanguage: 'Español',
  },
} as const;
