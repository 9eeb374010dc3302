// Reads a QR code through the camera. It is fetched when somebody wants to scan one.
import decode from 'qr/decode.js';

// The camera that looks away from the person, and a picture large enough for a dense code.
const WANTED = { video: { facingMode: 'environment', width: { ideal: 1280 } } };
// The longer side of what is read, in pixels: a code that fills half of it is still sharp.
const LONGEST = 960;
// Between two looks, in milliseconds: quick for the hand, and easy on an old phone.
const PAUSE_MS = 150;

// What the code in a picture says; nothing if there is none that can be read.
const read = picture => {
  try {
    return decode(picture);
  } catch {
    return undefined;
  }
};

// What the camera sees now; nothing before its first picture has come.
const picture = (video, context) => {
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
  const [width, height] = [video.videoWidth, video.videoHeight].map(side => Math.round(side * scale));
  if (!width || !height) return undefined;
  Object.assign(context.canvas, { width, height });
  context.drawImage(video, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
};

/**
 * Shows the camera's picture in `video` and offers each text that it reads to `found`, until that says that it was the
 * right one, or until the video is taken off the page. Then the camera is off.
 */
export const scan = async (video, found) => {
  const stream = await navigator.mediaDevices.getUserMedia(WANTED);
  try {
    video.srcObject = stream;
    await video.play();
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    while (video.isConnected) {
      const seen = picture(video, context);
      const text = seen && read(seen);
      if (text !== undefined && found(text)) return;
      await new Promise(next => setTimeout(next, PAUSE_MS));
    }
  } catch (error) {
    if (video.isConnected) throw error;
  } finally {
    stream.getTracks().forEach(track => track.stop());
  }
};
