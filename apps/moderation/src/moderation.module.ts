import { Module } from '@nestjs/common';
import { CommentController } from './comment/comment.controller.ts';
import { ThreadController } from './thread/thread.controller.ts';

@Module({ controllers: [CommentController, ThreadController] })
export class ModerationModule {}
